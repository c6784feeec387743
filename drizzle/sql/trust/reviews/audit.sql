-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_reviews() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'contract_id', jsonb_build_array(null, new.contract_id),
      'reviewer_id', jsonb_build_array(null, new.reviewer_id),
      'reviewee_id', jsonb_build_array(null, new.reviewee_id),
      'entity_type', jsonb_build_array(null, new.entity_type),
      'entity_id', jsonb_build_array(null, new.entity_id),
      'rating', jsonb_build_array(null, new.rating),
      'criteria', jsonb_build_array(null, new.criteria),
      'tags', jsonb_build_array(null, new.tags),
      'comment', jsonb_build_array(null, new.comment),
      'status', jsonb_build_array(null, new.status),
      'is_public', jsonb_build_array(null, new.is_public),
      'screened', jsonb_build_array(null, new.screened),
      'publishes_at', jsonb_build_array(null, new.publishes_at),
      'edit_until', jsonb_build_array(null, new.edit_until),
      'submitted_at', jsonb_build_array(null, new.submitted_at),
      'published_at', jsonb_build_array(null, new.published_at),
      'moderated_at', jsonb_build_array(null, new.moderated_at),
      'moderated_by', jsonb_build_array(null, new.moderated_by),
      'hidden_reason', jsonb_build_array(null, new.hidden_reason),
      'appeal', jsonb_build_array(null, new.appeal),
      'appealed_at', jsonb_build_array(null, new.appealed_at));
    perform khidma.write_audit('reviews', 'reviews', 'insert', new.id::text, new.reviewer_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'contract_id', jsonb_build_array(old.contract_id, null),
      'reviewer_id', jsonb_build_array(old.reviewer_id, null),
      'reviewee_id', jsonb_build_array(old.reviewee_id, null),
      'entity_type', jsonb_build_array(old.entity_type, null),
      'entity_id', jsonb_build_array(old.entity_id, null),
      'rating', jsonb_build_array(old.rating, null),
      'criteria', jsonb_build_array(old.criteria, null),
      'tags', jsonb_build_array(old.tags, null),
      'comment', jsonb_build_array(old.comment, null),
      'status', jsonb_build_array(old.status, null),
      'is_public', jsonb_build_array(old.is_public, null),
      'screened', jsonb_build_array(old.screened, null),
      'publishes_at', jsonb_build_array(old.publishes_at, null),
      'edit_until', jsonb_build_array(old.edit_until, null),
      'submitted_at', jsonb_build_array(old.submitted_at, null),
      'published_at', jsonb_build_array(old.published_at, null),
      'moderated_at', jsonb_build_array(old.moderated_at, null),
      'moderated_by', jsonb_build_array(old.moderated_by, null),
      'hidden_reason', jsonb_build_array(old.hidden_reason, null),
      'appeal', jsonb_build_array(old.appeal, null),
      'appealed_at', jsonb_build_array(old.appealed_at, null));
    perform khidma.write_audit('reviews', 'reviews', 'delete', old.id::text, old.reviewer_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.contract_id is distinct from old.contract_id then
    changes := changes || jsonb_build_object('contract_id', jsonb_build_array(old.contract_id, new.contract_id));
  end if;
  if new.reviewer_id is distinct from old.reviewer_id then
    changes := changes || jsonb_build_object('reviewer_id', jsonb_build_array(old.reviewer_id, new.reviewer_id));
  end if;
  if new.reviewee_id is distinct from old.reviewee_id then
    changes := changes || jsonb_build_object('reviewee_id', jsonb_build_array(old.reviewee_id, new.reviewee_id));
  end if;
  if new.entity_type is distinct from old.entity_type then
    changes := changes || jsonb_build_object('entity_type', jsonb_build_array(old.entity_type, new.entity_type));
  end if;
  if new.entity_id is distinct from old.entity_id then
    changes := changes || jsonb_build_object('entity_id', jsonb_build_array(old.entity_id, new.entity_id));
  end if;
  if new.rating is distinct from old.rating then
    changes := changes || jsonb_build_object('rating', jsonb_build_array(old.rating, new.rating));
  end if;
  if new.criteria is distinct from old.criteria then
    changes := changes || jsonb_build_object('criteria', jsonb_build_array(old.criteria, new.criteria));
  end if;
  if new.tags is distinct from old.tags then
    changes := changes || jsonb_build_object('tags', jsonb_build_array(old.tags, new.tags));
  end if;
  if new.comment is distinct from old.comment then
    changes := changes || jsonb_build_object('comment', jsonb_build_array(old.comment, new.comment));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.is_public is distinct from old.is_public then
    changes := changes || jsonb_build_object('is_public', jsonb_build_array(old.is_public, new.is_public));
  end if;
  if new.screened is distinct from old.screened then
    changes := changes || jsonb_build_object('screened', jsonb_build_array(old.screened, new.screened));
  end if;
  if new.publishes_at is distinct from old.publishes_at then
    changes := changes || jsonb_build_object('publishes_at', jsonb_build_array(old.publishes_at, new.publishes_at));
  end if;
  if new.edit_until is distinct from old.edit_until then
    changes := changes || jsonb_build_object('edit_until', jsonb_build_array(old.edit_until, new.edit_until));
  end if;
  if new.submitted_at is distinct from old.submitted_at then
    changes := changes || jsonb_build_object('submitted_at', jsonb_build_array(old.submitted_at, new.submitted_at));
  end if;
  if new.published_at is distinct from old.published_at then
    changes := changes || jsonb_build_object('published_at', jsonb_build_array(old.published_at, new.published_at));
  end if;
  if new.moderated_at is distinct from old.moderated_at then
    changes := changes || jsonb_build_object('moderated_at', jsonb_build_array(old.moderated_at, new.moderated_at));
  end if;
  if new.moderated_by is distinct from old.moderated_by then
    changes := changes || jsonb_build_object('moderated_by', jsonb_build_array(old.moderated_by, new.moderated_by));
  end if;
  if new.hidden_reason is distinct from old.hidden_reason then
    changes := changes || jsonb_build_object('hidden_reason', jsonb_build_array(old.hidden_reason, new.hidden_reason));
  end if;
  if new.appeal is distinct from old.appeal then
    changes := changes || jsonb_build_object('appeal', jsonb_build_array(old.appeal, new.appeal));
  end if;
  if new.appealed_at is distinct from old.appealed_at then
    changes := changes || jsonb_build_object('appealed_at', jsonb_build_array(old.appealed_at, new.appealed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reviews', 'reviews', 'update', new.id::text, new.reviewer_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_review_answers() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'review_id', jsonb_build_array(null, new.review_id),
      'author_id', jsonb_build_array(null, new.author_id),
      'text', jsonb_build_array(null, new.text));
    perform khidma.write_audit('reviews', 'review_answers', 'insert', null::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'review_id', jsonb_build_array(old.review_id, null),
      'author_id', jsonb_build_array(old.author_id, null),
      'text', jsonb_build_array(old.text, null));
    perform khidma.write_audit('reviews', 'review_answers', 'delete', null::text, null, changes);
    return null;
  end if;
  if new.review_id is distinct from old.review_id then
    changes := changes || jsonb_build_object('review_id', jsonb_build_array(old.review_id, new.review_id));
  end if;
  if new.author_id is distinct from old.author_id then
    changes := changes || jsonb_build_object('author_id', jsonb_build_array(old.author_id, new.author_id));
  end if;
  if new.text is distinct from old.text then
    changes := changes || jsonb_build_object('text', jsonb_build_array(old.text, new.text));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reviews', 'review_answers', 'update', null::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_review_signals() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'review_id', jsonb_build_array(null, new.review_id),
      'kind', jsonb_build_array(null, new.kind),
      'decided_at', jsonb_build_array(null, new.decided_at),
      'decided_by', jsonb_build_array(null, new.decided_by));
    perform khidma.write_audit('reviews', 'review_signals', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'review_id', jsonb_build_array(old.review_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'decided_at', jsonb_build_array(old.decided_at, null),
      'decided_by', jsonb_build_array(old.decided_by, null));
    perform khidma.write_audit('reviews', 'review_signals', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.review_id is distinct from old.review_id then
    changes := changes || jsonb_build_object('review_id', jsonb_build_array(old.review_id, new.review_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.decided_at is distinct from old.decided_at then
    changes := changes || jsonb_build_object('decided_at', jsonb_build_array(old.decided_at, new.decided_at));
  end if;
  if new.decided_by is distinct from old.decided_by then
    changes := changes || jsonb_build_object('decided_by', jsonb_build_array(old.decided_by, new.decided_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reviews', 'review_signals', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
