-- Names and descriptions of the catalog in five languages, colours, icons that are files, add-ons, and versions of languages.
alter table task_categories
  add column names jsonb,
  add column descriptions jsonb not null default '{}'::jsonb,
  add column color text,
  add column icon_media_id uuid constraint task_categories_icon_media_id_media_files_id_fk references media_files (id) on delete set null,
  add column restored_at timestamptz;
--> statement-breakpoint
update task_categories set names = jsonb_build_object('en', name_en, 'ar', coalesce(nullif(name_ar, ''), name_en));
--> statement-breakpoint
alter table task_categories
  alter column names set not null,
  drop column name_en,
  drop column name_ar,
  drop column icon_url,
  add constraint task_categories_names check (jsonb_typeof(names) = 'object' and jsonb_exists_all(names, array['ar', 'en'])
    and names - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(names, '$.* ? (@.type() != "string" || @ == "")')),
  add constraint task_categories_descriptions check (jsonb_typeof(descriptions) = 'object'
    and descriptions - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(descriptions, '$.* ? (@.type() != "string" || @ == "")')),
  add constraint task_categories_color check (color ~ '^#[0-9A-Fa-f]{6}$');
--> statement-breakpoint
create index idx_task_categories_icon on task_categories (icon_media_id) where icon_media_id is not null;
--> statement-breakpoint
create table service_addons (
  id uuid primary key,
  category_id uuid not null constraint service_addons_category_id_task_categories_id_fk references task_categories (id) on delete cascade,
  names jsonb not null,
  descriptions jsonb not null default '{}'::jsonb,
  price_amount bigint not null,
  currency text not null,
  active boolean not null default true,
  sort_order integer not null default 0,
  deleted_at timestamptz,
  restored_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint service_addons_names check (jsonb_typeof(names) = 'object' and jsonb_exists_all(names, array['ar', 'en'])
    and names - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(names, '$.* ? (@.type() != "string" || @ == "")')),
  constraint service_addons_descriptions check (jsonb_typeof(descriptions) = 'object'
    and descriptions - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(descriptions, '$.* ? (@.type() != "string" || @ == "")')),
  constraint service_addons_price check (price_amount between 0 and 100000000),
  constraint service_addons_currency check (currency ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
create index idx_service_addons_category on service_addons (category_id, sort_order);
--> statement-breakpoint
alter table languages add column version integer not null default 1;
