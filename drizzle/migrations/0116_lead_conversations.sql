-- The conversation of a request for a lead that its client has answered. It becomes that of the booking.
alter table conversations
  add column lead_request_id uuid,
  add constraint conversations_lead_request_key unique (lead_request_id),
  add constraint conversations_lead_request_id_lead_requests_id_fk foreign key (lead_request_id) references lead_requests (id) on delete cascade,
  add constraint conversations_lead_request check (lead_request_id is null or kind = 'booking');
