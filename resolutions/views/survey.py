"""The page that a tap in the mail opens: how it went, from 1 to 5, and a few words if they like.

Everything works without scripts; with them the tap in the mail is enough: see `surveys.py`.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from resolutions.errors import InvalidCase
from resolutions.followup_mail import about
from resolutions.models import Aspect, FollowUp, SurveyResponse
from resolutions.survey_links import SCORES, token_of
from resolutions.surveys import LONGEST_COMMENT, answer, followed_by_a_program, read_score
from resolutions.unsubscribe import ask_again, ask_no_more, wants_no_more
from resolutions.views.mail_links import mail_page


@mail_page()
def how_it_went(request: HttpRequest, follow_up: FollowUp, score: str = "") -> HttpResponse:
    """Show the page, with the score of the link chosen; or take what is sent from it."""
    if request.method == "POST":
        return _take(request, follow_up)
    return _page(request, follow_up, chosen=read_score(score))


@mail_page()
def all_scores(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """The link that nobody sees: a page like the others, which tells when a program runs it."""
    if request.method == "POST":
        followed_by_a_program(follow_up)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _page(request, follow_up, chosen=None, trap=True)


@mail_page(however_old=True)
def no_more_mails(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """A page with one button; a mail program that posts here itself needs no page (RFC 8058)."""
    if request.method == "POST":
        if "again" in request.POST:
            ask_again(follow_up)
        else:
            ask_no_more(follow_up)
    context = {"division": follow_up.case.division, "no_more": wants_no_more(follow_up)}
    return render(request, "resolutions/no_more_mails.html", context)


def _take(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """Keep what was sent; the page's script gets an answer to show, a form the page anew."""
    sent = request.POST
    score = read_score(sent.get("score", ""))
    is_script = request.headers.get("Accept") == "application/json"
    try:
        stands = answer(
            follow_up,
            score=sent.get("score", ""),
            aspect=sent.get("aspect"),
            comment=sent.get("comment"),
            by_hand=sent.get("by") == "hand",
        )
    except InvalidCase as refusal:
        return _page(request, follow_up, chosen=score, typed=sent, errors=refusal.errors)
    counts = stands is not None and stands.score == score
    if is_script:
        return JsonResponse({"says": _says(stands, score), "counts": counts})
    if not counts:
        return redirect("how-it-went-score", token_of(follow_up), score)
    return redirect("how-it-went", token_of(follow_up))


def _page(
    request: HttpRequest,
    follow_up: FollowUp,
    *,
    chosen: int | None,
    trap: bool = False,
    typed: Any = None,
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    stands: SurveyResponse | None = getattr(follow_up, "response", None)
    score = chosen or (stands.score if stands else None)
    by_itself = follow_up.scanned_at is None and not (stands and stands.by_hand)
    context = {
        **about(follow_up.case),
        "token": token_of(follow_up),
        "scores": SCORES,
        "score": score,
        "says": _says(stands, score),
        "stands": stands,
        "is_sent": stands is not None and stands.score == score,
        "by_itself": by_itself,
        "trap": trap,
        "aspects": Aspect.choices,
        "aspect": typed.get("aspect", "") if typed else stands.aspect if stands else "",
        "comment": typed.get("comment", "") if typed else stands.comment if stands else "",
        "longest": LONGEST_COMMENT,
        "errors": errors or {},
    }
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return render(request, "resolutions/how_it_went.html", context, status=status)


def _says(stands: SurveyResponse | None, score: int | None) -> str:
    """Where the answer stands, next to the score that is chosen."""
    if stands is not None and stands.score == score:
        return f"Thank you. You said {stands.score} of {SurveyResponse.BEST}."
    if stands is not None:
        return f"You said {stands.score} before. Press Send, and it is {score}."
    if score is not None:
        return f"Press Send, and your {score} counts."
    return "Pick a number and press Send."
