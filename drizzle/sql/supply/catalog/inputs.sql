-- Returns the questions that a category asks: its newest list, else that of the nearest category up the tree. No row: it asks nothing,
-- and takes any answers. An empty list asks nothing, and takes nothing.
create or replace function khidma.inputs_of_category(p_category uuid) returns setof category_inputs language sql stable rows 1 as $$
  with recursive up as (
    select c.id, c.parent_id, 0 as distance from task_categories c where c.id = p_category
    union all
    select c.id, c.parent_id, up.distance + 1 from task_categories c join up on c.id = up.parent_id
  )
  select i.* from up join category_inputs i on i.category_id = up.id order by up.distance, i.version desc limit 1
$$;

-- Returns what is wrong with one answer to a question; null: nothing. `limit` or `options` say what would have passed.
create or replace function khidma.refused_answer(p_question jsonb, p_answer jsonb) returns jsonb language plpgsql immutable as $$
declare
  kind text := p_question ->> 'type';
  wanted text := case kind when 'number' then 'number' when 'boolean' then 'boolean' when 'choices' then 'array' else 'string' end;
  least numeric := p_question ->> 'min';
  most numeric := p_question ->> 'max';
  size numeric;
  options jsonb := jsonb_path_query_array(p_question, '$.options[*].id');
begin
  if jsonb_typeof(p_answer) <> wanted then
    return jsonb_build_object('code', 'wrong_type', 'type', wanted);
  elsif kind in ('choice', 'choices') and not options @> p_answer then
    return jsonb_build_object('code', 'unknown_value', 'options', (select string_agg(o.value, ', ') from jsonb_array_elements_text(options) o));
  end if;
  size := case kind when 'number' then (p_answer #>> '{}')::numeric when 'text' then length(p_answer #>> '{}')
                    when 'choices' then jsonb_array_length(p_answer) end;
  if size < least then
    return jsonb_build_object('code', case kind when 'number' then 'too_small' else 'too_short' end, 'limit', least);
  elsif size > most then
    return jsonb_build_object('code', case kind when 'number' then 'too_large' else 'too_long' end, 'limit', most);
  end if;
  return null;
end $$;

-- Returns what is wrong with the answers to a list of questions, one object for each value: its name, a code, and what would have passed.
-- Unless they have to be complete, a required answer may be missing.
create or replace function khidma.refused_answers(p_questions jsonb, p_answers jsonb, p_is_complete boolean) returns jsonb
language plpgsql immutable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('name', w.name) || w.wrong order by w.name), '[]')
      from (select q.value ->> 'id' as name,
                   case when p_answers ? (q.value ->> 'id') then khidma.refused_answer(q.value, p_answers -> (q.value ->> 'id'))
                        when p_is_complete and (q.value ->> 'required')::boolean then '{"code": "required"}'::jsonb end as wrong
              from jsonb_array_elements(p_questions) q
            union all
            select a.key, '{"code": "unknown_field"}'::jsonb from jsonb_each(p_answers) a
             where not exists (select from jsonb_array_elements(p_questions) q where q.value ->> 'id' = a.key)) w
     where w.wrong is not null);
end $$;

-- Refuses answers that do not fit the questions of a category, and returns the version of the list; null: the category asks nothing.
create or replace function khidma.check_inputs(p_category text, p_subcategory text, p_answers jsonb, p_is_complete boolean) returns int
language plpgsql stable as $$
declare
  asked category_inputs;
  wrong jsonb;
begin
  select i.* into asked from task_categories c cross join lateral khidma.inputs_of_category(c.id) i
   where c.slug = coalesce(p_subcategory, p_category);
  if asked.id is null then
    return null;
  end if;
  wrong := khidma.refused_answers(asked.questions, p_answers, p_is_complete);
  if wrong <> '[]' then
    perform khidma.refuse(422, 'inputs_refused', jsonb_build_object('inputs', wrong));
  end if;
  return asked.version;
end $$;
