"""The playground: a real Node-RED on this machine, with our nodes, a connection to the sandbox, and two flows to play with.

`installed` brings Node-RED into the cache once, `running` starts it, and `remove` takes everything away again.
"""

from connector.playground.flows import UPLOAD_PAGE
from connector.playground.installation import installed, remove, version
from connector.playground.server import Installed, Server, running
from connector.playground.workspace import Place

__all__ = ["UPLOAD_PAGE", "Installed", "Place", "Server", "installed", "remove", "running", "version"]
