"""Where the shim starts: ``python -I /lumbung/serve.py serve|migrate``.

The siblings are imported as a package named after the folder, so that none of their names can hide a module
of the plugin.
"""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here.parent))
    main = importlib.import_module(f"{here.name}.main").main
    sys.path.remove(str(here.parent))
    sys.exit(main(sys.argv[1]))
