-- Returns whether a user works on the open case about a request now, or on a second look at a decision about it.
create or replace function khidma.reviews_request(p_user_id uuid, p_request uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (
      select from cases c where c.assignee_id = p_user_id and c.status = 'assigned'
         and ((c.kind = 'verification' and c.subject_id = p_request)
           or (c.kind = 'second_look' and exists (select from cases f where f.id = c.subject_id and f.kind = 'verification' and f.subject_id = p_request)))));
end $$;

-- Makes a link that opens a document once, for the reviewer whose case it is. Nobody opens their own papers.
create or replace function khidma.link_document(p_id uuid, p_request uuid, p_document uuid, p_session uuid) returns void language plpgsql as $$
declare
  d verification_documents;
begin
  select * into d from verification_documents where id = p_document and request_id = p_request;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif not khidma.reviews_request(khidma.actor_id(), p_request)
    or exists (select from verification_requests r where r.id = p_request and r.user_id = khidma.actor_id()) then
    perform khidma.refuse(403, 'not_your_case');
  elsif not exists (select from sealed_files s where s.id = d.media_id) then
    perform khidma.refuse(409, 'document_gone');
  end if;
  insert into document_links (id, document_id, reviewer_id, session_id, expires_at)
  values (p_id, p_document, khidma.actor_id(), p_session,
    now() + make_interval(secs => khidma.config_value('verification.link_seconds', null, null, null)::int));
end $$;

-- Uses a link: notes the opening before any byte is sent, and returns where the bytes are and how to open them. All that made the link
-- right is asked again: the session, the permission, and whose case it is now. Of two uses at once a unique key refuses the second.
create or replace function khidma.use_document_link(
  p_link uuid, p_opening uuid, p_address_hash text,
  out media_id uuid, out storage_key text, out data_key text, out mime_type text, out reviewer text, out opened_at timestamptz
) language plpgsql as $$
declare
  l document_links;
  request_id uuid;
begin
  select * into l from document_links where id = p_link;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif l.expires_at <= now() or exists (select from document_openings o where o.link_id = p_link) or not exists (select from sessions s where s.id = l.session_id and s.revoked_at is null) then
    perform khidma.refuse(410, 'document_link_over');
  end if;
  select d.request_id, d.media_id into request_id, media_id from verification_documents d where d.id = l.document_id;
  if not khidma.reviews_request(l.reviewer_id, request_id) or not khidma.holds(l.reviewer_id, 'verifications.review') then
    perform khidma.refuse(403, 'not_your_case');
  end if;
  select m.storage_key, s.data_key, coalesce(m.mime_type, 'application/octet-stream') into storage_key, data_key, mime_type
    from media_files m join sealed_files s on s.id = m.id where m.id = use_document_link.media_id;
  if not found then
    perform khidma.refuse(409, 'document_gone');
  end if;
  insert into document_openings (id, link_id, document_id, reviewer_id, address_hash)
  values (p_opening, p_link, l.document_id, l.reviewer_id, p_address_hash) returning created_at into opened_at;
  select coalesce(u.full_name, u.id::text) into reviewer from users u where u.id = l.reviewer_id;
end $$;
