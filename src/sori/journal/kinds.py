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
        "case.assigned": "Somebody answers for it now; data: owner, before (ids, or null), note"
        " (that says why, if one does).",
        "case.snoozed": "It leaves the lists for a while; data: until.",
        "case.woken": "It is back in the lists; no member when its time had come.",
        "case.department_changed": "Another department answers now; data: department, before,"
        " note (that says why, if one does).",
        "case.left_unanswered": "Signed: we decided not to answer; data: decision, reason,"
        " review_on.",
        "conversation.key_shared": "Somebody else used the key of this thread; data: conversation,"
        " other_case. They were kept apart.",
        "note.written": "A word for colleagues; data: note, mentioned (ids of the members it"
        " names).",
        "task.asked": "Another department was asked for something; data: task, department (whom),"
        " asked_by (id), answer_by.",
        "task.taken": "Somebody there answers it; data: task, department, asked_by.",
        "task.answered": "They answered; data: task, department, asked_by.",
        "task.declined": "They said why they will not; data: task, department, asked_by.",
        "task.withdrawn": "It is needed no longer; data: task, department, asked_by.",
        "task.late": "It was not answered in time; data: task, department, answer_by, to (ids of"
        " those who answer it), asked_by (id).",
        "question.asked": "A colleague is asked by mail; data: question.",
        "question.sent": "That mail is out; data: question.",
        "question.refused": "That mail will not be delivered; data: question, asked_by, why.",
        "question.unclear": "Nobody knows whether that mail arrived; data: question, asked_by.",
        "question.answered": "A colleague's answer became a note; data: question, note, asked_by,"
        " other (whether it came from another address), by_machine.",
        "saved_reply.kept": "Words to be used again were written or changed; data: title.",
        "saved_reply.deleted": "They were thrown away; data: title.",
        "answer.drafted": "Somebody began an answer; data: message.",
        "answer.approved": "A person approved text and destination; data: message, digest.",
        "answer.to_many": "One text was approved for many, each addressed by name; data: group,"
        " answers (how many).",
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
        "assistant.asked": "A member let the language model read the case; data: task, model,"
        " characters.",
        "label.corrected": "A person said what a label of a mention should be; data: label, value,"
        " said (by the machine, null for nothing).",
        "label.confirmed": "A person said that the machine had a label right; data: as above.",
        "label.restored": "A correction was taken back; data: label, value (the machine's).",
        "case.relabelled": "A label of one of its messages was corrected; data: label, message.",
        "model.trained": "The company's own heads were learned; data: examples, better (heads).",
        "model.activated": "A version speaks from now on; data: before (the one before, or null).",
        "model.rolled_back": "An earlier version speaks again, 0 for the shipped model alone;"
        " data: before.",
        "lake.understood_again": "The lake was understood again; data: since, until, source, model,"
        " rows.",
        "clock.stopped": "A clock ended; data: clock, clock_kind, outcome, seconds.",
        "clock.warned": "A clock will run out soon; data: clock, clock_kind, due_at, to (ids of the"
        " members it concerns).",
        "clock.escalated": "A clock ran out; data: clock, clock_kind, due_at, to (ids of the"
        " supervisors).",
        "promise.made": "An acknowledgement arrived, with its promise; data: promise, due_at.",
        "promise.kept": "An answer came by the promised time; data: clock.",
        "promise.broken": "None came by the promised time; data: clock.",
        "policy.added": "A policy for clocks was written; data: active.",
        "policy.changed": "A policy was changed, for clocks that start later; data: active.",
        "policy.moved": "A policy is asked before the one that stood over it.",
        "calendar.added": "Working hours were written.",
        "calendar.changed": "Working hours took the place of others; data: before (id).",
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
        "view.saved": "A selection of the explorer got a name; data: shared.",
        "view.changed": "It got another name, or was shared or kept private; data: shared.",
        "view.deleted": "It is gone.",
        "mentions.exported": "Mentions left the house as a file; data: format, rows, capped,"
        " selection (without the names of authors).",
        "theme.renamed": "Somebody gave a theme a name, or gave it back to the machine.",
        "theme.merged": "It is counted with another theme; data: into.",
        "theme.parted": "It is counted by itself again; data: out_of.",
        "theme.hidden": "Somebody sees no theme in it.",
        "theme.shown": "Somebody sees a theme in it after all.",
        "theme.corrected": "Somebody said whether a voice belongs to it; data: mention, belongs.",
        "theme.correction_undone": "Somebody took that back; data: mention.",
        "campaign.found": "Voices come from one hand; data: why, voices, people (accounts).",
        "campaign.ended": "It has fallen silent; data: voices.",
        "surge.began": "Something grows faster than chance; data: sort, key, campaign.",
        "surge.ended": "It does not any more; data: sort, key.",
        "themes.weighed": "The machine looked for themes; data: themes, changes (how many).",
        "tree.changed": "Somebody edited the tree of topics; data: tree, before (ids, or null).",
        "tree.learned": "Phrases were learned from corrections; data: tree, phrases (how many).",
        "person.changed": "Name, segment, value or wishes; data: fields, and what they wish.",
        "person.merged": "They are shown with somebody else; data: into, evidence, against.",
        "person.parted": "They are by themselves again; data: out_of.",
        "person.told_apart": "A member said that two people are two; data: other.",
        "person.account_verified": "A member made sure whose an account is, or took that back;"
        " data: identity, verified.",
        "person.identifier_added": "Something is certainly theirs; data: sort.",
        "person.identifier_removed": "It is not; data: sort.",
        "person.exported": "What is held on them left the house; data: mentions, messages, files.",
        "person.erasing": "Somebody asked that they be forgotten; data: erasure.",
        "person.erased": "They are forgotten; data: erasure, and how much of what went.",
        "purchases.loaded": "Orders and contracts were taken in; data: rows, kept, faults.",
        "demo.loaded": "The demo company stands.",
    }
)
