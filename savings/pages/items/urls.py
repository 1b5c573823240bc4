"""The addresses under /alliances/CODE/money/items/."""

from django.urls import path

from savings.pages.items import changes, views

urlpatterns = [
    path("", views.Items.as_view(), name="money-items"),
    path("list/add/", changes.AddItem.as_view(), name="money-item-add"),
    path("list/add/<slug:area_code>/", changes.AddItem.as_view(), name="money-item-add-area"),
    path("<slug:item_code>/", views.ItemPage.as_view(), name="money-item"),
    path("<slug:item_code>/edit/", changes.EditItem.as_view(), name="money-item-edit"),
    path("<slug:item_code>/take-away/", changes.TakeAway.as_view(), name="money-item-take-away"),
]
