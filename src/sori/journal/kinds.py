"""Every kind of event there is, with one sentence each: the dictionary of the journal."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "case.opened": "A voice deserved an answer; data: reason, priority, conversation, message.",
        "case.heard": "The customer of an open case spoke again; data: conversation, message.",
        "case.reopened": "A case was taken up again; member, or none when the customer spoke.",
        "case.resolved": "Somebody said that the matter is settled.",
        "case.status_changed": "Somebody put it on hold, or back; data: before, after.",
        "case.assigned": "Somebody answers for it now; data: owner, before (ids, or null).",
        "case.department_changed": "Another department answers now; data: department, before.",
        "case.left_unanswered": "Signed: we decided not to answer; data: decision, review_on.",
        "conversation.key_shared": "Somebody else used the key of this thread; data: conversation,"
        " other_case. They were kept apart.",
        "note.written": "A word for colleagues; data: note.",
        "answer.drafted": "Somebody began an answer; data: message.",
        "answer.approved": "A person approved text and destination; data: message, digest.",
        "answer.cancelled": "It was taken back before it left; data: message.",
        "answer.sent": "The channel accepted it; data: message, approved_at, sent_at, proof.",
        "answer.delayed": "It provably did not arrive and will be tried again; data: message,"
        " attempt.",
        "answer.refused": "It will not be delivered; data: message, why.",
        "answer.unclear": "Nobody knows whether it arrived; data: message, attempt.",
        "answer.settled": "A person decided about an unclear answer; data: message, outcome.",
        "answer.remembered": "An answer given before or beside Sori was written down; data:"
        " message, sent_at.",
        "answer.proof_came_late": "A worker learned the fate of an answer after a person had"
        " decided; data: message, attempt, found.",
        "answer.bounced": "A mail server sent back what we had sent; data: message, mention.",
        "clock.stopped": "A clock ended; data: clock, clock_kind, outcome, seconds.",
        "outgoing.held": "No answer leaves the house until further notice; data: reason.",
        "outgoing.released": "Answers leave the house again; data: hold.",
        "member.added": "Somebody was invited, came by the company's account, or was first; data:"
        " role.",
        "member.changed": "Name, role or department; data: role_before, role.",
        "member.profile_changed": "A member changed how they are shown or how they read.",
        "member.password_changed": "A new password; every other session ended.",
        "member.deactivated": "Shut out; sessions and links ended.",
        "member.activated": "Let in again.",
        "member.link_made": "A sign-in link was made; data: printed.",
        "member.link_used": "A sign-in link was used up.",
        "member.signed_in": "Somebody came in; data: ip.",
        "member.signed_out": "Somebody left.",
        "member.sign_in_failed": "A wrong password, for a member or for nobody; data: ip.",
        "member.account_linked": "The company's account of this member may sign in now.",
        "member.factor_added": "A second factor or passkey; data: factor.",
        "member.factor_removed": "It is gone; data: factor.",
        "department.founded": "A department got its name.",
        "source.added": "A source was connected; data: channel, name.",
        "source.changed": "Its settings were changed; data: fields (names, never values).",
        "source.paused": "Somebody stopped it.",
        "source.resumed": "Somebody let it go on.",
        "source.poll_asked": "Somebody asked to look at once.",
        "source.heard": "It brought something; data: run and its ledger.",
        "source.failed": "A look failed and is tried again; data: error.",
        "source.broken": "It needs a person; data: error.",
        "source.recovered": "It works again; data: failures.",
        "source.replay_asked": "Somebody wants a quarantined item read again; data: quarantine.",
        "query.added": "A listening rule was written; data: active.",
        "query.changed": "A listening rule was changed; data: active.",
        "query.deleted": "A listening rule was thrown away; data: name.",
        "demo.loaded": "The demo company stands.",
    }
)
