create table foreigners (
    entry integer primary key, alien_number text not null, name text not null, status text not null,
    stay_until text not null, address text not null);
create table travellers (entry integer primary key, resident_number text not null, name text not null);
create table movements (resident_number text not null, day text not null, direction text not null);
-- indexes
create unique index foreigners_number on foreigners (alien_number);
create unique index travellers_number on travellers (resident_number);
create index movements_number on movements (resident_number, day);
