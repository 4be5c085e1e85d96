from django.core.exceptions import ValidationError

from people.editing import KnownForm


class NumberedForm(KnownForm):
    """A row with a position among its siblings.

    Two may swap their positions in one save: the database looks at the end of the transaction, and
    the formset looks for doubles within the page, which holds all siblings. So what a row says of
    the position its sibling still holds is no error.
    """

    def _update_errors(self, errors):
        deferred = {
            constraint.violation_error_message
            for constraint in self._meta.model._meta.constraints
            if getattr(constraint, "deferrable", None)
        }
        found = {
            name: left
            for name, own in errors.update_error_dict({}).items()
            if (left := [error for error in own if error.message not in deferred])
        }
        super()._update_errors(ValidationError(found))  # type: ignore[misc]
