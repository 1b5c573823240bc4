"""The form of the workbook page."""

from django import forms
from django.core.files.uploadedfile import UploadedFile


class WorkbookForm(forms.Form):
    """The spreadsheet that is brought in."""

    file = forms.FileField(
        label="Workbook",
        help_text="One spreadsheet (.xlsx) with the sheets of an alliance’s workbook.",
        error_messages={
            "required": "Choose the workbook",
            "empty": "The file is empty: choose another",
        },
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """A spreadsheet by its name; what is in it, its reader says."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(".xlsx"):
            raise forms.ValidationError("Choose a spreadsheet whose name ends in .xlsx")
        return file
