print("specgan")
