-- Whoever has an account hears of a sign-in from a device that it did not know: of the app, one with another id; of anything
-- else, another program or another country. The first device of an account is news to nobody.
create function khidma.session_opened() returns trigger language plpgsql as $$
declare
  knows_any boolean;
  knows_this boolean;
begin
  select count(*) > 0, coalesce(bool_or(case when new.device_id is not null then s.device_id = new.device_id
           else s.user_agent is not distinct from new.user_agent and s.country is not distinct from new.country end), false)
    into knows_any, knows_this from sessions s where s.user_id = new.user_id and s.id <> new.id;
  if knows_any and not knows_this then
    perform khidma.emit('session.opened', 'session', new.id, 1,
      jsonb_build_object('sessionId', new.id, 'userId', new.user_id), array[new.user_id]);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger e_opened after insert on sessions for each row execute function khidma.session_opened();
--> statement-breakpoint
-- As before; the end of a session comes after its beginning.
create or replace function khidma.session_ended() returns trigger language plpgsql as $$
begin
  update user_devices d set push_token = null
    where d.user_id = new.user_id and d.device_id = new.device_id and d.push_token is not null
      and not exists (select from sessions s
                       where s.user_id = new.user_id and s.device_id = new.device_id and s.revoked_at is null);
  if new.revoked_reason is distinct from 'refresh_token_reused' then
    perform khidma.emit('session.revoked', 'session', new.id, 2,
      jsonb_build_object('sessionId', new.id, 'userId', new.user_id, 'reason', coalesce(new.revoked_reason, 'revoked'))
        -- Who has ended it need not be told.
        || case when khidma.actor_id() = new.user_id then jsonb_build_object('party', 'user') else '{}' end,
      array[new.user_id]);
  end if;
  return null;
end $$;
