"""What people type becomes typed requests: pure, bounded, in two languages. Knows no market."""
