-- requirements
create or replace trigger a_touch before update on requirements for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on requirements for each row execute function khidma.audit_requirements();

-- requirement_submissions
create or replace trigger z_audit after insert or delete or update on requirement_submissions for each row execute function khidma.audit_requirement_submissions();

-- requirement_waivers
create or replace trigger d_follow after update of ended_at on requirement_waivers for each row when (new.ended_at is not null) execute function khidma.follow_waiver();
create or replace trigger z_audit after insert or delete or update on requirement_waivers for each row execute function khidma.audit_requirement_waivers();
