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
        "case.tagged": "It carries a tag now; data: tag, name.",
        "case.untagged": "It does not carry it any more; data: tag, name.",
        "case.joined": "A case is part of another one now; data: case, into.",
        "case.parted": "It is by itself again; data: case, into.",
        "case.continues": "Whoever wrote came by the private way shown in another case; data: of.",
        "case.continued": "Somebody went on in private, in another case; data: new.",
        "case.split": "Something was split off; data: new (its case), or out_of.",
        "case.department_changed": "Another department answers now; data: department, team,"
        " before, note (that says why, if one does).",
        "case.left_unanswered": "Signed: we decided not to answer; data: decision, reason,"
        " review_on.",
        "message.edited": "A post has other words now where it was said; data: message,"
        " conversation.",
        "message.withdrawn": "A post was deleted where it was said, and its words here; data:"
        " message, conversation.",
        "source.withdrawn": "Posts were deleted there and are gone here; data: mentions (how"
        " many).",
        "conversation.key_shared": "Somebody else used the key of this thread; data: conversation,"
        " other_case. They were kept apart.",
        "call.rang": "A telephone rings, the telephone system says; who calls is not written here.",
        "call.ended": "That call is over; data: missed.",
        "call.logged": "A member wrote down a call or a visit; data: key.",
        "source.secret_made": "A new signing secret was made, and the old one is void.",
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
        "case.prioritised": "A rule or a macro lets it come sooner; data: points.",
        "rule.added": "A rule was written; data: name, active.",
        "rule.changed": "A rule was changed; data: name, active.",
        "rule.moved": "A rule is asked earlier or later than before.",
        "rule.deleted": "A rule was thrown away; data: name.",
        "rule.switched_on": "A rule acts from now on; data: name.",
        "rule.switched_off": "A rule does not act any more; data: name.",
        "rule.gave_up": "A rule failed again and again and switched itself off; data: name, why, to"
        " (ids of the members it concerns).",
        "rule.ran": "A rule acted on a case; data: rule, rule_name, event, actions.",
        "rule.failed": "A rule could not act on a case; data: rule, rule_name, event, why.",
        "rule.told": "A rule or a macro told members of a case; data: to (ids), words.",
        "macro.kept": "A macro was written or changed; data: name.",
        "macro.deleted": "A macro was thrown away; data: name.",
        "macro.run": "A member ran a macro on a case; data: macro, name, actions.",
        "tag.made": "There is a new tag; data: name.",
        "tag.changed": "A tag got another name or colour; data: name.",
        "tag.merged": "Its cases carry another tag; data: into, cases (how many).",
        "tag.deleted": "It is gone, from every case too; data: name.",
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
        "answer.bounced": "A mail server sent back what we had sent; data: message, mention,"
        " status, lasting (whether the address will take no mail).",
        "answer.held_up": "A mail server has not delivered an answer yet and goes on trying; data:"
        " message, mention, status.",
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
        "priority.changed": "The company gives other points to what speaks for a case; data: the"
        " new points by word.",
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
        "team.founded": "A team of it got its name; data: team.",
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
        "theme.hidden": "Signed: nothing follows from it; data: reason.",
        "theme.shown": "Somebody took that back.",
        "theme.split": "A part of it became a theme of its own; data: part, split.",
        "theme.joined": "That part was put back; data: part, split.",
        "theme.estimated": "Somebody said how much work a change would be; data: effort.",
        "theme.followed": "A member wants to hear what becomes of it.",
        "theme.unfollowed": "They do not want to hear of it any more.",
        "theme.grew": "It grows beyond chance, and somebody wanted to hear of it; data: last,"
        " before (voices in seven days, and in the seven before).",
        "theme.became": "The machine found it changed, and somebody wanted to hear of it; data:"
        " what.",
        "themes.weights_changed": "Themes are weighed by other points; data: those that changed.",
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
        "notifications.arrived": "A member was told of something.",
        "case.followed": "Somebody wants to hear of it.",
        "case.unfollowed": "Somebody does not want to hear of it any more.",
        "case.review_due": "The day has come to look again at a decision not to answer; data:"
        " decision, to (ids of the members it concerns).",
        "outlet.added": "A messenger was connected; data: service, shared, words (whether a"
        " customer's may go there).",
        "outlet.changed": "What a shared room hears was changed; data: words.",
        "outlet.removed": "It was taken away.",
        "outlet.tried": "A word was sent through it, and arrived.",
        "outlet.broken": "It failed too often and is not used any more; data: failures.",
        "article.written": "Words of an article were kept; data: language, revision.",
        "article.restored": "Readers see this revision; data: language, revision.",
        "article.placed": "Its readers or its shelf changed; data: visibility.",
        "article.published": "Its readers can read it.",
        "article.withdrawn": "It is being written on again, out of its readers' sight.",
        "article.archived": "It was put away.",
        "article.used": "It was put into an answer; data: article, case, how (link or text).",
        "category.kept": "A shelf of articles got its name; data: name.",
        "category.moved": "A shelf stands one place earlier.",
        "category.deleted": "A shelf is gone, its articles are on none; data: name.",
        "picture.kept": "A picture for articles was stored; data: size (bytes).",
        "initiative.begun": "Somebody proposed a change; data: evidence (how many pieces).",
        "initiative.changed": "Its words, its department or its day were changed; data: fields"
        " (names).",
        "initiative.assigned": "Somebody answers for it now; data: owner, before (ids, or null).",
        "initiative.evidence_added": "Something more speaks for it; data: sort, key.",
        "initiative.evidence_removed": "That does not speak for it any more; data: sort, key.",
        "initiative.discussed": "A word of the discussion; data: comment, mentioned (ids of the"
        " members it names), owner.",
        "initiative.file_kept": "A file was laid beside it; data: file, size (bytes).",
        "initiative.file_removed": "It was taken away; data: file.",
        "initiative.decided": "Yes, no, or later; data: decision, ruling (which holds the reason),"
        " review_on, owner.",
        "initiative.moved": "It came to another stage; data: stage, before, owner.",
        "initiative.told": "Everybody who asked was told, or as many as can be; data: decision.",
        "initiative.left_untold": "Signed: nobody is told of it; data: decision, comment (that says"
        " why).",
        "initiative.checked": "It was looked at whether it worked.",
        "initiative.reopened": "It is looked at again; data: comment (that says why), before (its"
        " stage), owner.",
        "initiative.due": "A day of it is near, over, or has come; data: sort, day, to (ids of the"
        " members it concerns).",
        "demo.loaded": "The demo company stands.",
    }
)
