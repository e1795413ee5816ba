create table schooling (
    entry integer primary key, resident_number text not null, school text not null, enrolled integer not null,
    graduated integer not null, graduated_on text);
-- indexes
create index schooling_number on schooling (resident_number);
