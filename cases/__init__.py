"""Criminal matters: persons, offences, case files, extradition."""
