-- messages
create or replace trigger c_media_hidden after delete on messages for each row when (old.media_id is not null) execute function khidma.follow_media('media_id');
create or replace trigger c_media_moved after update of media_id on messages for each row when (old.media_id is distinct from new.media_id) execute function khidma.follow_media('media_id');
create or replace trigger c_media_shown after insert on messages for each row when (new.media_id is not null) execute function khidma.follow_media('media_id');
