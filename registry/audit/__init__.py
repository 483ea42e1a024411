"""The record of every look and every change: written as it happens, chained, and checked."""
