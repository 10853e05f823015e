"""Tests of ILRS-Sim."""
