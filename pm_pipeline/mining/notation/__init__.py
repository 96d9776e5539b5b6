"""The forms a model is written in: process tree, Petri net (PNML), BPMN."""
