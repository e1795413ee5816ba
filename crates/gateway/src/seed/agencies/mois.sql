create table residents (
    entry integer primary key, resident_number text not null, name text not null, born_on text not null,
    household integer not null, relation text not null, address text not null, moved_in_on text not null,
    military_service text, died_on text);
create table former_addresses (
    resident_number text not null, moved_in_on text not null, address text not null);
create table contacts (
    entry integer primary key, resident_number text not null, name text not null, mobile text, email text);
create table local_taxpayers (
    entry integer primary key, resident_number text not null, name text not null, arrears integer not null);
-- indexes
create unique index residents_number on residents (resident_number);
create index residents_household on residents (household);
create index former_addresses_number on former_addresses (resident_number, moved_in_on);
create unique index contacts_number on contacts (resident_number);
create unique index local_taxpayers_number on local_taxpayers (resident_number);
