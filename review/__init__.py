"""The staff web app: pages over the register. It knows nothing of Prefect."""
