"""States, authorities, people; dossiers, documents, deadlines, letters, timeline."""
