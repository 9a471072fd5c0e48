"""What every floor above stands on: database, clock, registry, web, errors, languages, audit."""
