"""Addresses of what readers propose about cards, and of the history of cards."""

from django.urls import path

from reader.views import card_history, deciding, flags, proposals

urlpatterns = [
    path("cards/suggest/", proposals.suggest_card, name="suggest_card"),
    path("cards/<slug:slug>/correct/", proposals.suggest_correction, name="suggest_correction"),
    path("cards/<slug:slug>/history/", card_history.history, name="card_history"),
    path("cards/<slug:slug>/history/<int:number>/put-back/", card_history.put_back, name="card_put_back"),
    path("articles/<slug:slug>/suggest/", proposals.suggest_mention, name="suggest_mention"),
    path("me/proposals/", proposals.my_proposals, name="my_proposals"),
    path("proposals/<str:uid>/", proposals.proposal, name="proposal"),
    path("proposals/<str:uid>/revise/", proposals.revise, name="proposal_revise"),
    path("proposals/<str:uid>/appeal/", flags.appeal_proposal, name="proposal_appeal"),
    path("proposals/<str:uid>/withdraw/", proposals.withdraw, name="proposal_withdraw"),
    path("moderation/proposals/<str:uid>/", deciding.decide_one, name="decide_proposal"),
    path("moderation/proposals/<str:uid>/claim/", deciding.claim, name="claim_proposal"),
    path("moderation/proposals/<str:uid>/change/", deciding.change, name="change_proposal"),
]
