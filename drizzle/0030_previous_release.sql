-- The Worker of before 0027 signs people in until the next one is deployed: its call of `verify_otp`, with an account that
-- begins as all did then. To be dropped by a later migration.
create function khidma.verify_otp(p_phone text, p_otp_hash text, p_max_checks int, p_user_id uuid, p_next jsonb)
returns khidma.sign_in language sql as $$
  select khidma.verify_otp(p_phone, p_otp_hash, p_max_checks, p_user_id,
                           '{"locale": "ar-EG", "timezone": "Africa/Cairo", "currency": "EGP", "country": null}'::jsonb, p_next)
$$;
