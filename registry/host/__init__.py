"""The plugin host: owns the deployments' sockets, runs their sandboxes, switches their revisions.

`start.run` is the process. What survives what, honestly:

* A plugin's death: its socket stays, connections wait, the next one starts it again; five failures in a row without
  an answered request switch it off.
* SIGTERM to the host: sockets are closed, running requests are finished, every sandbox leaves, then the host.
* SIGHUP: the host becomes the program now on disk and takes over what runs; no request is cut, none refused.
* kill -9 of the host: the kernel ends every sandbox with it. The next host sweeps what is left, binds the sockets anew,
  reverts a switch that was under way (or begins it again when nothing had changed) and does open errands again.

Where to look:

* The process: `start`, `loop` (compares and acts) in one thread (`reactor`), `store` and `database` (its tables),
  `works` with `switch`, `errands` and `provings` (threads); `renewal`, `handover`, `successor` (another program takes
  over).
* One plugin: `runner` (what the loop may ask), `local`, `plugin`, `door` (socket), `stay` and `life` (sandbox), `turns`
  (who starts next), `words` and `remark` (what the admin reads).
* A sandbox: `spec`, `environment`, `sandbox` (the steps), `seccomp`, `spawn` by `bubblewrap` or `zygote`; `shim/` runs
  inside; `check` says what holds.
* A bundle's own tests: `provings` of `store_provings`, believed by `proved`; ``shim/proving``, ``shim/reporter``.
* Data: `holdings` of `data` (files, `copying`) and `postgres` (`pgdump`, `pgwatch`); `probe` and `drilling` try it.
* Bounds and figures: `limits` (cgroups), `quota` (disk), `meter` with `tally` and `samples`, `logs` with `redaction`.
"""
