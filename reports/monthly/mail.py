"""The mail of a report: HTML with pictures of its charts, and the same numbers as plain text.

What must stay true: it says what was told then, to the letter, however often it is sent; names are
only text, in the subject too; nothing is loaded from anywhere.
"""

from dataclasses import dataclass
from email.mime.image import MIMEImage
from email.utils import formataddr
from typing import Self

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from employees.mail_addresses import own_address, own_domain
from reports.charts import png
from reports.charts.chart import Chart
from reports.charts.png import Picture
from reports.models import MonthlyReport, ReportDelivery
from reports.monthly.charts import charts_of
from reports.monthly.told import Told
from reports.monthly.wishes import link_of

# Mail programs know styles at the elements best; what is told to dark ones stays a style sheet.
_INLINER = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@dataclass(frozen=True, slots=True)
class Illustration:
    """A chart with its picture, and the name by which the mail refers to it."""

    chart: Chart
    picture: Picture | None  # None of a chart with nothing in it: its sentence says so
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A report as every recipient gets it: its pictures are drawn once."""

    told: Told
    illustrations: tuple[Illustration, ...]
    page: str
    month_now: str

    @classmethod
    def of(cls, report: MonthlyReport) -> Self:
        """Draw it. It takes a second or two."""
        told = Told.of_json(report.told)
        return cls(
            told,
            tuple(
                Illustration(
                    chart,
                    None if chart.is_empty else png.drawn(chart),
                    f"{chart.key}@{own_domain()}",
                )
                for chart in charts_of(told)
            ),
            _whole(reverse("monthly-report", args=[report.division.code, _month(report)])),
            _whole(page_of_the_month(report)),
        )


def report_mail(delivery: ReportDelivery, letter: Letter) -> EmailMultiAlternatives:
    """The mail for one recipient; what only they get is the link to say what they want."""
    report, told = delivery.report, letter.told
    wishes = _whole(reverse("report-wishes-from-mail", args=[link_of(delivery.employee)]))
    says = {"told": told, "letter": letter, "wishes": wishes}
    name = _in_one_line(told.division)
    mail = EmailMultiAlternatives(
        subject=f"{name}: {told.month:%B %Y}",
        body=render_to_string("reports/mail/monthly.txt", says),
        from_email=formataddr((f"Leeway · {name}", own_address())),
        to=[delivery.employee.email],
        headers={
            "Message-ID": f"<monthly-{report.pk}-{report.made_at:%Y%m%d%H%M%S%f}"
            f"-{delivery.employee_id}-{delivery.copy}@{own_domain()}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{wishes}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    html = _INLINER.inline(render_to_string("reports/mail/monthly.html", says))
    mail.attach_alternative(html, "text/html")
    mail.mixed_subtype = "related"  # type: ignore[attr-defined]  # the pictures belong to the text
    for each in letter.illustrations:
        if each.picture is not None:
            mail.attach(_attached(each, each.picture))
    return mail


def page_of_the_month(report: MonthlyReport) -> str:
    """Where the month is measured as it stands now, with the ways behind its figures."""
    asked = {"division": report.division.code, "period": _month(report)}
    return f"{reverse('reports')}?{urlencode(asked)}"


def _attached(each: Illustration, picture: Picture) -> MIMEImage:
    image = MIMEImage(picture.data, "png")
    image.add_header("Content-ID", f"<{each.name}>")
    image.add_header("Content-Disposition", "inline", filename=f"{each.chart.key}.png")
    return image


def _in_one_line(text: str) -> str:
    """A header is one line, whatever somebody called their division."""
    return " ".join(text.split())


def _month(report: MonthlyReport) -> str:
    return f"{report.month:%Y-%m}"


def _whole(address: str) -> str:
    return f"{settings.PUBLIC_URL}{address}"
