"""Addresses of the inbox."""

from django.urls import path

from sori.respond.views import actions, advice, answers, bulk, clocks, keeping, pages, replies

app_name = "respond"
urlpatterns = [
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/views/", keeping.save_view, name="save_view"),
    path("inbox/views/<int:view>/delete/", keeping.delete_view, name="delete_view"),
    path("inbox/picked/", bulk.picked, name="picked"),
    path("inbox/<int:case>/", pages.case, name="case"),
    path("inbox/<int:case>/files/<int:message>/<int:number>/", pages.attachment, name="attachment"),
    path("inbox/<int:case>/take/", actions.take, name="take"),
    path("inbox/<int:case>/owner/", actions.owner, name="owner"),
    path("inbox/<int:case>/department/", actions.department, name="department"),
    path("inbox/<int:case>/status/", actions.status, name="status"),
    path("inbox/<int:case>/resolve/", actions.resolve, name="resolve"),
    path("inbox/<int:case>/reopen/", actions.reopen, name="reopen"),
    path("inbox/<int:case>/snooze/", actions.snooze, name="snooze"),
    path("inbox/<int:case>/wake/", actions.wake, name="wake"),
    path("inbox/<int:case>/no-answer/", actions.no_answer, name="no_answer"),
    path("inbox/<int:case>/acknowledge/", answers.acknowledge, name="acknowledge"),
    path("inbox/<int:case>/note/", actions.note, name="note"),
    path("inbox/<int:case>/replies/", replies.offer, name="offer"),
    path("replies/", replies.replies, name="replies"),
    path("replies/new/", replies.new_reply, name="new_reply"),
    path("replies/<int:reply>/", replies.change_reply, name="change_reply"),
    path("replies/<int:reply>/delete/", replies.delete_reply, name="delete_reply"),
    path("inbox/<int:case>/draft/", answers.draft, name="draft"),
    path("inbox/<int:case>/reply/", answers.reply, name="reply"),
    path("inbox/<int:case>/remember/", answers.remember, name="remember"),
    path("inbox/<int:case>/answers/<int:message>/cancel/", answers.cancel, name="cancel"),
    path("inbox/<int:case>/answers/<int:message>/settle/", answers.settle, name="settle"),
    path("inbox/<int:case>/summary/", advice.summary, name="summary"),
    path("inbox/<int:case>/suggestion/", advice.suggestion, name="suggestion"),
    path("inbox/<int:case>/release/", answers.release, name="release"),
    path("clocks/", clocks.overview, name="clocks"),
    path("clocks/policies/new/", clocks.new_policy, name="new_policy"),
    path("clocks/policies/preview/", clocks.preview_policy, name="preview_policy"),
    path("clocks/policies/<int:policy>/", clocks.policy, name="policy"),
    path("clocks/policies/<int:policy>/up/", clocks.up, name="policy_up"),
    path("clocks/hours/new/", clocks.new_calendar, name="new_calendar"),
    path("clocks/hours/preview/", clocks.preview_calendar, name="preview_calendar"),
    path("clocks/hours/<int:calendar>/", clocks.calendar, name="calendar"),
]
