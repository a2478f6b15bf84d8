"""What went wrong, and the facts that are asked about it."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from employees.models import Division
from policies.facts import BUILT_IN, FactKind
from policies.querysets import ReasonCodeQuerySet


class ReasonCode(models.Model):
    """What went wrong: late, wrong order, billing dispute and so on."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="reason_codes")
    code = models.SlugField(help_text="Other programs use it; it stays the same.")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the case form.")
    is_active = models.BooleanField("in use", default=True)
    history = HistoricalRecords()

    objects = ReasonCodeQuerySet.as_manager()

    class Meta:
        ordering = ("division", "position", "name")
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="reason_code_once_a_division")
        ]

    def __str__(self) -> str:
        return self.name


class AskedFact(models.Model):
    """A fact of its own that a reason code asks for, such as *minutes late*."""

    reason_code = models.ForeignKey(ReasonCode, models.CASCADE, related_name="asked_facts")
    key = models.CharField(
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "Use small letters, digits and _.")],
        help_text="Conditions use it, such as minutes_late.",
    )
    label = models.CharField(max_length=80, help_text="Shown on the case form.")
    kind = models.CharField(max_length=10, choices=FactKind.choices)
    unit = models.CharField(max_length=20, blank=True)
    choices = models.CharField(
        max_length=400, blank=True, help_text="For one of a list: the choices, with commas."
    )
    required = models.BooleanField(
        default=False, help_text="The case can't be put right before it is told."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("reason_code", "position", "key")
        constraints = [
            models.UniqueConstraint(fields=["reason_code", "key"], name="fact_once_a_reason_code")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def offered(self) -> tuple[str, ...]:
        """The choices, in their order; none for another kind of answer."""
        if self.kind != FactKind.CHOICE:
            return ()
        return tuple(choice.strip() for choice in self.choices.split(",") if choice.strip())

    def clean(self) -> None:
        """Refuse a key that means something already, and a list without choices."""
        if self.key in BUILT_IN:
            raise ValidationError({"key": "The program knows this fact by itself."})
        if self.kind == FactKind.CHOICE and not self.choices.strip():
            raise ValidationError({"choices": "Write the choices, with commas between them."})
        if not self.reason_code_id:
            return
        elsewhere = AskedFact.objects.filter(
            reason_code__division=self.reason_code.division_id, key=self.key
        ).exclude(pk=self.pk)
        if any(fact.kind != self.kind for fact in elsewhere):
            raise ValidationError(
                {"kind": "Another reason code asks for this key as another kind of value."}
            )
