-- media_files
create or replace trigger b_temporary before update of uploaded_at on media_files for each row when (old.uploaded_at is null and new.uploaded_at is not null) execute function khidma.begin_temporary();
create or replace trigger d_sealed after delete on media_files for each row when (old.storage_key like 'sealed/%') execute function khidma.remove_sealed();
