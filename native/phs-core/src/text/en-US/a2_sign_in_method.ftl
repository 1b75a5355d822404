# Texts of guide step a2.
