@rem Stands in for the shell word "exec", which cmd.exe does not have. See docs/decisions/0011-exec-in-scripts.md
@%*
