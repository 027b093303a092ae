DROP INDEX members_leaving;
