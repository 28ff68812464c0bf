"""Sound and vibration of machines: loaded, or simulated with faults in their bearings."""
