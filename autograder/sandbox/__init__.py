"""The sandbox: student code in one jailed process, the tests that judge it in another."""
