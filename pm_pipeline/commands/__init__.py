"""What the commands of the command line do, before anything is shown.

Nothing here imports the orchestrator but for `rejects replay`: the others answer at once.
"""
