-- Rows that every installation begins with. Transitions, permissions and what system roles permit are generated from
-- TypeScript into `sql/`, since they change with the code.

insert into roles (id, name, display_name, description, audience, is_system_role, can_approve_requests, can_manage_system_settings) values
  (khidma.uuid_v7(), 'admin', 'Administrator', 'May do everything that can be permitted', 'internal', true, true, true),
  (khidma.uuid_v7(), 'ops', 'Operations', 'Runs the marketplace', 'internal', true, true, false),
  (khidma.uuid_v7(), 'support', 'Support', 'Reads, and handles reports and disputes up to the decision', 'internal', true, false, false);
--> statement-breakpoint
insert into languages (code, name, native_name, is_default, sort_order) values
  ('ar', 'Arabic', 'العربية', true, 1), ('en', 'English', 'English', false, 2), ('ru', 'Russian', 'Русский', false, 3),
  ('ky', 'Kyrgyz', 'Кыргызча', false, 4), ('hi', 'Hindi', 'हिन्दी', false, 5), ('ha', 'Hausa', 'Hausa', false, 10),
  ('ig', 'Igbo', 'Igbo', false, 11), ('yo', 'Yoruba', 'Yorùbá', false, 12), ('pcm', 'Nigerian Pidgin', 'Naijá', false, 13),
  ('ak', 'Akan', 'Akan', false, 14), ('ee', 'Ewe', 'Eʋegbe', false, 15), ('gaa', 'Ga', 'Gã', false, 16),
  ('kn', 'Kannada', 'ಕನ್ನಡ', false, 20), ('ta', 'Tamil', 'தமிழ்', false, 21), ('te', 'Telugu', 'తెలుగు', false, 22),
  ('ml', 'Malayalam', 'മലയാളം', false, 23), ('bn', 'Bengali', 'বাংলা', false, 24), ('mr', 'Marathi', 'मराठी', false, 25),
  ('gu', 'Gujarati', 'ગુજરાતી', false, 26), ('pa', 'Punjabi', 'ਪੰਜਾਬੀ', false, 27), ('ur', 'Urdu', 'اردو', false, 28),
  ('uz', 'Uzbek', 'Oʻzbekcha', false, 30), ('kk', 'Kazakh', 'Қазақша', false, 31), ('tg', 'Tajik', 'Тоҷикӣ', false, 32),
  ('tr', 'Turkish', 'Türkçe', false, 33), ('fr', 'French', 'Français', false, 40), ('de', 'German', 'Deutsch', false, 41),
  ('es', 'Spanish', 'Español', false, 42), ('it', 'Italian', 'Italiano', false, 43), ('pt', 'Portuguese', 'Português', false, 44),
  ('sw', 'Swahili', 'Kiswahili', false, 45), ('zh', 'Chinese', '中文', false, 46);
--> statement-breakpoint
-- Texts to consent to. Later versions are published by ops.
insert into consent_documents (id, kind, document_version, url, is_required) values
  (khidma.uuid_v7(), 'terms', '2026-11', 'https://khidma.example/terms/2026-11', true),
  (khidma.uuid_v7(), 'privacy', '2026-11', 'https://khidma.example/privacy/2026-11', true),
  (khidma.uuid_v7(), 'marketing', '2026-11', 'https://khidma.example/marketing/2026-11', false);
