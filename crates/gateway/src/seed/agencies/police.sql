create table licences (
    entry integer primary key, resident_number text not null, licence_class text not null,
    licence_number text not null, expires_on text not null, valid integer not null,
    penalty_points integer not null, suspended integer not null);
-- indexes
create index licences_number on licences (resident_number);
