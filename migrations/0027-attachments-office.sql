-- Office documents may come with a letter.
alter table attachments.attachment drop constraint attachment_kind_check;
alter table attachments.attachment add constraint attachment_kind_check check (kind in ('jpeg', 'png', 'webp', 'gif', 'pdf',
  'docx', 'xlsx', 'pptx', 'odt', 'ods', 'text', 'csv', 'mail'));
