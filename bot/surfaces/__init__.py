"""Where people talk to the desk; the surfaces never import each other."""
