"""Events in: accept or refuse each, commit together, count none twice; `eventglass import`."""
