"""What a message counts: euros, passes, carnets, people and shares, read exactly."""
