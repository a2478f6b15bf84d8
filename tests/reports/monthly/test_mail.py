"""What the mail says: the same as text and as HTML, in one currency, whatever names there are."""

import re
from collections.abc import Sequence
from decimal import Decimal
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from html import unescape
from typing import Any

import pytest
from django.core import mail as outbox

from employees.models import Division
from reports.models import Baseline
from reports.monthly.make import make_report
from reports.monthly.send import send_due_reports
from reports.monthly.told import Told
from tests.cast import Cast
from tests.reports.monthly.months import (
    OCTOBER,
    SECOND_OF_NOVEMBER,
    SEPTEMBER,
    put_right,
    spent,
    stopped,
    used,
)

pytestmark = pytest.mark.once
CLIPPED_FROM = 100 * 1024  # bytes of HTML; big mail services cut off what is longer


def full_months(company: Cast) -> None:
    """Two months with something of everything in them."""
    remedies = list(company.remedies)
    for month in (OCTOBER, SEPTEMBER):
        for place, remedy in enumerate(remedies):
            spent(company, month, f"{1234 + 100 * place}.00", given=12, remedy=remedy)
            put_right(company, month, 30, scores=(1, 2, 3, 4, 5), remedy=remedy)
        put_right(company, month, 30, scores=(1, 2, 3, 4, 5))
    stopped(company, OCTOBER, 7)
    used(company, OCTOBER, "50.00", "110.00")


def sent(company: Cast, settings: Any) -> EmailMessage:
    """Make October's report and send it; the mail as it arrives at the manager's."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_report(company.division, OCTOBER, at=SECOND_OF_NOVEMBER)
    send_due_reports(at=SECOND_OF_NOVEMBER)
    mail = outbox.outbox[-1]
    found = BytesParser(policy=default).parsebytes(mail.message().as_bytes())
    assert isinstance(found, EmailMessage)
    return found


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words(html: str) -> str:
    without_styles = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", without_styles)))


def pictures(mail: EmailMessage) -> dict[str, bytes]:
    return {
        part["Content-ID"].strip("<>"): part.get_content()
        for part in mail.walk()
        if part.get_content_type() == "image/png"
    }


def figures(text: str) -> Sequence[str]:
    return re.findall(r"\d[\d,.]*", text)


def test_text_and_html_have_the_same_numbers(forno: Cast, settings: Any) -> None:
    full_months(forno)
    Baseline.objects.create(
        division=forno.division, period="January 2025", months=1, cost_a_month=Decimal(5000)
    )
    mail = sent(forno, settings)
    text, html = text_of(mail), words(html_of(mail))
    assert "more than before Leeway ($5,000.00)" in html
    assert "Before Leeway: January 2025." in html
    assert "Before Leeway: January 2025." in text
    assert set(figures(html)) <= set(figures(text))
    for line in Told.of_json(forno.division.monthly_reports.get().told).lines:
        assert f"{line.label}: {line.value}" in text
        assert f"{line.label} {line.note} {line.value}".replace("\N{NO-BREAK SPACE}", " ") in (
            html.replace("\N{NO-BREAK SPACE}", " ")
        )


def test_every_chart_is_attached_and_says_in_words_what_it_shows(
    forno: Cast, settings: Any
) -> None:
    full_months(forno)
    mail = sent(forno, settings)
    shown = re.findall(r'<img[^>]*src="cid:([^"]+)"[^>]*alt="([^"]+)"', html_of(mail))
    drawn = pictures(mail)
    assert [name for name, _ in shown] == list(drawn)
    assert len(drawn) == 5
    assert all(data.startswith(b"\x89PNG") for data in drawn.values())
    text = text_of(mail)
    for _, alt in shown:
        title, says = unescape(alt).split(". ", 1)
        assert title.upper() in text
        assert says in text


def test_nothing_is_loaded_from_anywhere_and_it_is_not_cut_off(forno: Cast, settings: Any) -> None:
    full_months(forno)
    html = html_of(sent(forno, settings))
    sources = re.findall(r'(?:src|background|url)\s*[=(]\s*["\']?([^"\')\s]+)', html)
    assert all(source.startswith("cid:") for source in sources)
    assert re.search(r"<(link|script|iframe|form)\b", html) is None
    assert len(html.encode()) < CLIPPED_FROM
    # Styles are at the elements, but for what dark mail programs need.
    (style,) = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    assert style.strip().startswith("@media (prefers-color-scheme: dark)")


def test_a_month_without_anything_has_no_pictures_and_says_so(forno: Cast, settings: Any) -> None:
    mail = sent(forno, settings)
    assert pictures(mail) == {}
    text = text_of(mail)
    assert "Nothing was given in October." in text
    assert "Cost: $0.00 (0 cases put right)" in text
    assert "Satisfaction: — (nobody was asked)" in text


def test_names_stay_names_and_headers_stay_in_one_line(forno: Cast, settings: Any) -> None:
    odd = "<b>Forno</b> & Co\r\nBcc: evil@example.com {{ 7|add:7 }} " + "x" * 20
    Division.objects.filter(pk=forno.division.pk).update(name=odd)
    forno.division.refresh_from_db()
    forno.remedies["money-off"].name = "=HYPERLINK(<script>)"
    forno.remedies["money-off"].save()
    full_months(forno)
    mail = sent(forno, settings)
    assert mail["To"] == "forno.manager@example.com"
    assert mail["Bcc"] is None
    assert mail["Subject"] == f"{' '.join(odd.split())}: October 2026"
    html = html_of(mail)
    assert "<b>Forno" not in html
    assert "<script" not in html
    assert "&lt;b&gt;Forno&lt;/b&gt; &amp; Co" in html
    assert "{{ 7|add:7 }}" in html
    assert "=HYPERLINK(<script>)" in text_of(mail)


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "¥1,234"), ("EUR", "€1,234.00"), ("USD", "$1,234.00")]
)
def test_amounts_are_in_the_divisions_currency(
    forno: Cast, settings: Any, currency: str, amount: str
) -> None:
    Division.objects.filter(pk=forno.division.pk).update(currency=currency)
    forno.division.refresh_from_db()
    spent(forno, OCTOBER, "1234.00")
    text = text_of(sent(forno, settings))
    assert f"Cost: {amount} (0 cases put right)" in text
    assert f"All amounts are in {currency}" in text


def test_finance_of_the_group_gets_a_mail_of_each_division_and_nothing_added_up(
    forno: Cast, orchard: Cast, head_office: dict[str, Any], settings: Any
) -> None:
    spent(forno, OCTOBER, "300.00")
    spent(orchard, OCTOBER, "50.00")
    for company in (forno, orchard):
        sent(company, settings)
    finance = [mail for mail in outbox.outbox if mail.to == ["finance@example.com"]]
    assert [mail.subject for mail in finance] == ["Forno: October 2026", "Orchard: October 2026"]
    assert "$300.00" in finance[0].body
    assert "£50.00" in finance[1].body
    assert all("350" not in str(mail.body) for mail in finance)


def test_it_names_nobody(forno: Cast, settings: Any) -> None:
    full_months(forno)
    mail = sent(forno, settings)
    said = text_of(mail) + html_of(mail)
    for person in forno.people.values():
        assert person.first_name not in said
        assert person.username not in said


def test_it_leads_to_its_page_and_to_no_more_of_them(forno: Cast, settings: Any) -> None:
    settings.PUBLIC_URL = "https://leeway.example.com"
    mail = sent(forno, settings)
    text = text_of(mail)
    assert "https://leeway.example.com/reports/monthly/forno/2026-10/" in text
    no_more = mail["List-Unsubscribe"].strip(" <>")
    assert no_more.startswith("https://leeway.example.com/reports/mails/")
    assert no_more in text
    assert f'href="{no_more}"' in html_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"].endswith("@localhost>")
