"""Start-up checks: production mode refuses to start while something here is insecure."""
