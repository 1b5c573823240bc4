"""When people last said or changed anything, by what it was."""

from django.db import models

from programmes.models.alliances import Alliance

OF_THE_PROGRAMME = 0


class LastWord(models.Model):
    """The last day on which anything of a sort was changed, in an area or of the programme itself.

    `area_id` is nought for the programme's own; `sort` is the model's name, as "milestone". Kept
    beside the record of changes, which lists no more than the first rows of a large one.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="+")
    area_id = models.BigIntegerField(default=OF_THE_PROGRAMME)
    sort = models.CharField(max_length=40)
    said_on = models.DateField()

    class Meta:
        ordering = ["alliance", "area_id", "sort"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "area_id", "sort"], name="one_last_word_of_a_sort"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort}, {self.said_on}"
