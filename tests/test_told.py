"""Every column is either encrypted or known to hold nothing that anybody told us."""

import pytest
from sqlalchemy import JSON, Column, String

from bot.db.all_tables import metadata
from bot.db.types import SealedJson, SealedKey, SealedText

SEALED = (SealedText, SealedJson, SealedKey)
# What is chosen from a list, made by us, or about staff and places.
PLAIN = {
    "answer_given": "clauses quote",
    "attachment": "path content_type digest",
    "audit_event": "deed subject data digest",
    "binding_offer": "scene url problem number",
    "bulk_deed": "action",
    "calendar_day": "why",
    "case_task": "kind state",
    "channel_trouble": "channel reason",
    "check_item": "key",
    "chore": "kind subject state error",
    "consent": "kind about version how ground",
    "consent_question": "kind about version",
    "contact_point": "kind",
    "data_request": "kind state",
    "conversation": "speaker",
    "dispute": "kind settled",
    "dispute_evidence": "state",
    "dispute_party": "side",
    "draft": "kind page",
    "duty_shift": "role",
    "erasure": "why rows",
    "heartbeat": "name",
    "inbound_message": "key kind msg_id intent topic urgency action understood_by reply_via shown",
    "knowledge_entry": "id state topic",
    "knowledge_entry_version": "entry_id topic subject question variants answer sources scope"
    " variant_of audience hotlines editor_note digest",
    "knowledge_vector": "digest model",
    "knowledge_wording": "text entry_id",
    "leave": "kind",
    "media": "media_id state reason path content_type preview_path preview_type",
    "nlu_choice": "host",
    "nlu_model": "name digest",
    "notice_delivery": "channel state reason provider_id",
    "notice_preference": "channels quiet_from quiet_until email wecom_user",
    "office_shift": "starts ends",
    "organisation": "name area_code phone",
    "outbound_message": "kind once_key state outcome paid_from",
    "passage_offered": "clause",
    "person": "alias",
    "person_contact": "relation",
    "place": "code name",
    "policy_document": "title state document_number scope digest",
    "policy_passage": "article path text",
    "policy_upload": "title document_number scope text state problem",
    "process_lock": "name holder",
    "quick_reply": "title text",
    "recovery_code": "digest",
    "relationship": "kind",
    "reply_ground": "clauses",
    "report_export": "state columns digest",
    "report_snapshot": "kind content digest",
    "resident": "alias scene area_code discretion",
    "saved_filter": "name",
    "scene": "code name area_code url problem",
    "sealed_opening": "kind",
    "shared_token": "app_id",
    "staff": "login name role password_hash services area_codes languages lanes substitutes phone",
    "staff_login": "key device address",
    "staff_notice": "kind once",
    "staff_wechat": "seen",
    "team": "name",
    "ticket": "number state intent topic service urgency level lane area_code close_code",
    "ticket_approval": "kind",
    "ticket_clock": "kind paused adjusted rule",
    "ticket_counter": "month",
    "ticket_event": "kind",
    "ticket_link": "kind",
    "visit_entry": "field replaces once",
}


def _plain(column: Column[object]) -> bool:
    return isinstance(column.type, (String, JSON)) and not isinstance(column.type, SEALED)


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_a_column_that_is_not_encrypted_is_known_to_say_nothing(name: str) -> None:
    unsealed = {column.name for column in metadata.tables[name].columns if _plain(column)}

    assert unsealed == set(PLAIN.get(name, "").split())
