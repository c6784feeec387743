-- media_files
create or replace trigger b_temporary before update of uploaded_at on media_files for each row when (old.uploaded_at is null and new.uploaded_at is not null) execute function khidma.begin_temporary();
