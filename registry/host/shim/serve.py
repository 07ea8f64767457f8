"""Where the shim starts: ``python -I /lumbung/serve.py serve|migrate|task CALL|check|prove``, or ``zygote``.

The siblings are imported as a package named after the folder, so that none of their names can hide a module
of the plugin.
"""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    words = sys.argv[1:]
    sys.path.insert(0, str(here.parent))
    if words == ["zygote"]:
        words = importlib.import_module(f"{here.name}.zygote").children()
    main = importlib.import_module(f"{here.name}.main").main
    sys.path.remove(str(here.parent))
    sys.exit(main(*words))
