# Texts of guide step a1.
