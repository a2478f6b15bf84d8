"""The agents' pages, and those that customers come to from their mail."""

from django.urls import path

from resolutions.views import afterwards, case, desk, more, my_gaps, new_case, survey

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("cases/", desk.my_cases, name="my-cases"),
    path("cases/new/", new_case.new_case, name="new-case"),
    path("cases/new/options/", new_case.see_options, name="new-case-options"),
    path("cases/<int:pk>/", case.case_page, name="case"),
    path("cases/<int:pk>/give/", more.more, name="give-more"),
    path("cases/<int:pk>/give/options/", more.more_options, name="give-more-options"),
    path("cases/<int:pk>/given/<int:given>/give-back/", case.return_money, name="give-back"),
    path("cases/<int:pk>/close/", case.close, name="close-case"),
    path("cases/<int:pk>/hand-over/", case.hand_on, name="hand-over-case"),
    path("cases/<int:pk>/take-up/", case.take_up, name="take-up-case"),
    path("cases/<int:pk>/continue/", case.go_on, name="continue-case"),
    path("cases/<int:pk>/could-not/", more.could_not, name="could-not-in-case"),
    path("could-not/", more.could_not, name="could-not"),
    path("could-not/mine/", my_gaps.my_gaps, name="my-gaps"),
    path("could-not/said/", more.said, name="said"),
    path("afterwards/", afterwards.afterwards, name="afterwards"),
    path("afterwards/<int:pk>/", afterwards.look_at, name="look-at"),
    path("afterwards/seen/", afterwards.seen, name="afterwards-seen"),
    path("how-it-went/<str:token>/", survey.how_it_went, name="how-it-went"),
    path("how-it-went/<str:token>/all/", survey.all_scores, name="how-it-went-all"),
    path("how-it-went/<str:token>/no-more/", survey.no_more_mails, name="no-more-mails"),
    path("how-it-went/<str:token>/<str:score>/", survey.how_it_went, name="how-it-went-score"),
]
